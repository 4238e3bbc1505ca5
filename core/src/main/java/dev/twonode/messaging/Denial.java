package dev.twonode.messaging;

import java.util.Arrays;
import java.util.Optional;

/// What a server does not let a login do.
///
/// @param url the server
/// @param verb what it does not allow
/// @param subject on which subject
/// @param permission the subject to grant, which may cover more
/// @param answers whether it keeps all answers to requests away
public record Denial(String url, Verb verb, String subject, String permission, boolean answers) {

    /// What a permission is about.
    public enum Verb {
        PUBLISH("publish"),
        SUBSCRIBE("subscribe");

        private final String word;

        Verb(String word) {
            this.word = word;
        }

        /// The word that a server's configuration has for it.
        public String word() {
            return word;
        }

        /// The verb of that word, empty when there is none.
        public static Optional<Verb> of(String word) {
            return Arrays.stream(values()).filter(it -> it.word.equals(word)).findFirst();
        }
    }

    /// What keeps no answers away.
    public Denial(String url, Verb verb, String subject, String permission) {
        this(url, verb, subject, permission, false);
    }

    /// Whether a request on that subject cannot be answered for this.
    public boolean concerns(String asked) {
        return answers || (verb == Verb.PUBLISH && subject.equals(asked));
    }

    /// What is wrong.
    ///
    /// @param login whose login it is, in words
    public String problem(String login) {
        String told = Momentary.without(subject);
        return "%s may not %s to \"%s\" at %s".formatted(login, verb.word(), told, url);
    }

    /// The same of one's own login.
    public String problem() {
        return problem("this login");
    }

    /// What to do, as the rest of a sentence.
    public String remedy() {
        return "let it %s \"%s\" there and reload that server (README, \"Logins\")"
                .formatted(verb.word(), permission);
    }

    /// The same as a sentence.
    public String instruction() {
        String words = remedy();
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }
}
