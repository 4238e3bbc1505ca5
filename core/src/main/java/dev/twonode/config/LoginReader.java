package dev.twonode.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Makes [Credentials] out of the settings: the way to log in that the strongest origin names wins,
/// and two ways from equally strong origins are a contradiction.
final class LoginReader {

    private static final long GREATEST_SECRET = 64 * 1024;

    private final Values values;
    private final LoginKeys keys;

    LoginReader(Values values, LoginKeys keys) {
        this.values = values;
        this.keys = keys;
    }

    /// What the settings say, empty when they say nothing.
    Optional<Credentials> read() {
        return strongest(ways(), "two ways to log in").flatMap(this::by);
    }

    private List<Setting> ways() {
        List<Setting> ways = new ArrayList<>(List.of(keys.user()));
        ways.addAll(keys.tokens());
        ways.add(keys.creds());
        ways.add(keys.nkey());
        if (!values.isSet(keys.user())) {
            ways.addAll(keys.passwords());
        }
        return ways;
    }

    private Optional<Setting> strongest(List<Setting> candidates, String contradiction) {
        List<Setting> given =
                candidates.stream()
                        .filter(values::isSet)
                        .sorted(Comparator.comparingInt(values::strength).reversed())
                        .toList();
        if (given.size() > 1 && values.strength(given.get(0)) == values.strength(given.get(1))) {
            values.problem(
                    "%s and %s are %s; keep one"
                            .formatted(given.get(0), given.get(1), contradiction));
        }
        return given.stream().findFirst();
    }

    private Optional<Credentials> by(Setting way) {
        if (way == keys.user()) {
            return userPassword();
        }
        if (way == keys.creds()) {
            return FileCheck.credentials(values, way).map(Credentials.CredsFile::new);
        }
        if (way == keys.nkey()) {
            return FileCheck.seed(values, way).map(Credentials.NkeyFile::new);
        }
        if (keys.tokens().contains(way)) {
            return secret(way).map(Credentials.Token::new);
        }
        values.problem(way, "a password without a user; name the user with " + keys.user());
        return Optional.empty();
    }

    private Optional<Credentials> userPassword() {
        Optional<Setting> password = strongest(keys.passwords(), "two passwords");
        if (password.isEmpty()) {
            values.problem(
                    keys.user(), "a user without a password; add " + keys.passwords().getLast());
            return Optional.empty();
        }
        return values.text(keys.user())
                .flatMap(user ->
                        secret(password.get()).map(s -> new Credentials.UserPassword(user, s)));
    }

    private Optional<Secret> secret(Setting setting) {
        return setting.isSecret()
                ? values.parsed(setting, LoginReader::word)
                : values.path(setting).flatMap(file -> fromFile(setting, file));
    }

    private static Secret word(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("it is empty; give it, or leave it out");
        }
        return new Secret(text);
    }

    private Optional<Secret> fromFile(Setting setting, Path file) {
        try {
            if (Files.size(file) > GREATEST_SECRET) {
                values.problem(setting, file + " is too large to hold only a secret");
                return Optional.empty();
            }
            String text = Files.readString(file).strip();
            if (text.isEmpty()) {
                values.problem(setting, file + " is empty");
                return Optional.empty();
            }
            return Optional.of(new Secret(text));
        } catch (IOException e) {
            values.problem(setting, "cannot read " + Unreadable.why(file, e));
            return Optional.empty();
        }
    }
}
