package dev.twonode.nats;

import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Denial.Verb;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads what a server says when a login may do too little.
final class Denied {

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
                    "$SRV");

    /// Granted as a whole for each bucket.
    private static final Pattern OF_A_BUCKET = Pattern.compile("((?:twonode|\\$KV)\\.[^.]+)\\..+");

    private Denied() {}

    /// @param error what the server says
    /// @param url the server
    /// @param inboxPrefix what answers come on
    static Optional<Denial> of(String error, String url, String inboxPrefix) {
        Matcher said = SAID.matcher(error);
        if (!said.find()) {
            return Optional.empty();
        }
        Verb verb = said.group(1).equalsIgnoreCase("publish") ? Verb.PUBLISH : Verb.SUBSCRIBE;
        String subject = said.group(2);
        String permission = permission(subject, inboxPrefix);
        boolean answers = verb == Verb.SUBSCRIBE && isForAnswers(subject, inboxPrefix);
        return Optional.of(new Denial(url, verb, subject, permission, answers));
    }

    /// Whether that is the inbox for all answers, which is the client library's own.
    private static boolean isForAnswers(String subject, String inboxPrefix) {
        return subject.startsWith(inboxPrefix + ".") && subject.endsWith(".*");
    }

    private static String permission(String subject, String inboxPrefix) {
        Matcher bucket = OF_A_BUCKET.matcher(subject);
        if (bucket.matches()) {
            return bucket.group(1) + ".>";
        }
        return Stream.concat(WHOLE.stream(), Stream.of(inboxPrefix))
                .filter(root -> subject.startsWith(root + "."))
                .findFirst()
                .map(root -> root + ".>")
                .orElse(subject);
    }
}
