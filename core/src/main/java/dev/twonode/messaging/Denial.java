package dev.twonode.messaging;

/// What a server does not let a login do.
///
/// @param url the server
/// @param verb what it does not allow
/// @param subject on which subject
/// @param permission the subject to grant, which may cover more
public record Denial(String url, Verb verb, String subject, String permission) {

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
    }

    /// Whether a request on that subject cannot be answered for this.
    public boolean concerns(String asked) {
        return verb == Verb.SUBSCRIBE || subject.equals(asked);
    }

    /// What is wrong.
    public String problem() {
        return "%s: this login may not %s to \"%s\"".formatted(url, verb.word(), subject);
    }

    /// What to do, as the rest of a sentence.
    public String remedy() {
        return "let it %s \"%s\" there and reload that server (README, \"Logins\")"
                .formatted(verb.word(), permission);
    }
}
