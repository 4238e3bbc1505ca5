package dev.twonode.nats;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a server says when a login may do too little, in words for whoever has to grant it.
///
/// @param verb what the login may not do: `publish` or `subscribe`
/// @param subject on which subject
record Denied(String verb, String subject) {

    private static final Pattern SAID =
            Pattern.compile(
                    "permissions violation for (publish|subscription) to \"([^\"]+)\"",
                    Pattern.CASE_INSENSITIVE);

    /// What is granted as a whole: below these, subjects differ from one message to the next.
    private static final List<String> WHOLE =
            List.of(
                    "$JS.API",
                    "$JS.SNAPSHOT",
                    "$JS.EVENT.ADVISORY.STREAM",
                    "$TWONODE",
                    "_TWONODE",
                    "$SRV",
                    "_INBOX");

    static Optional<Denied> of(String error) {
        Matcher said = SAID.matcher(error);
        if (!said.find()) {
            return Optional.empty();
        }
        boolean publish = said.group(1).equalsIgnoreCase("publish");
        return Optional.of(new Denied(publish ? "publish" : "subscribe", said.group(2)));
    }

    /// The subject to grant.
    String permission() {
        return WHOLE.stream()
                .filter(root -> subject.startsWith(root + "."))
                .findFirst()
                .map(root -> root + ".>")
                .orElse(subject);
    }

    /// @param url the server that says so
    String words(String url) {
        return "%s: this login may not %s \"%s\". Let it %s \"%s\" there (README, \"Logins\")"
                .formatted(
                        url,
                        verb.equals("publish") ? "publish to" : "subscribe to",
                        subject,
                        verb,
                        permission());
    }
}
