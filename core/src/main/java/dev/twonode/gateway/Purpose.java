package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import java.util.List;

/// What a client wants with a publish, as far as it matters when the leader changes.
enum Purpose {
    /// Writes to the bucket, only if a sequence is as expected: what came of it can be found out.
    GUARDED_WRITE(true),
    /// Writes to the bucket, whatever is there.
    WRITE(true),
    /// Asks about the bucket's stream, and changes nothing that a repetition would change again.
    READ(true),
    /// The same about another stream, whose sequences mean nothing here.
    READ_ELSEWHERE(false),
    /// The same, for all streams of the account at once.
    SURVEY(true),
    /// Wants something else of the bucket's stream, such as to make it or to save it.
    OTHER_OF_BUCKET(true),
    /// Asks for a consumer's next messages; its answers are deliveries.
    PULL(false),
    /// Would change the bucket behind the pair's back.
    FORBIDDEN(false),
    /// Everything else that may want an answer.
    OTHER(false);

    private static final String DIRECT_GET = "DIRECT.GET.";
    private static final List<String> REPEATABLE =
            List.of(
                    "STREAM.INFO.",
                    "STREAM.MSG.GET.",
                    DIRECT_GET,
                    "CONSUMER.CREATE.",
                    "CONSUMER.DURABLE.CREATE.",
                    "CONSUMER.DELETE.",
                    "CONSUMER.INFO.",
                    "CONSUMER.NAMES.",
                    "CONSUMER.LIST.");
    private static final List<String> SURVEYS = List.of("INFO", "STREAM.NAMES", "STREAM.LIST");
    private static final List<String> CHANGES =
            List.of(
                    "STREAM.PURGE.",
                    "STREAM.UPDATE.",
                    "STREAM.DELETE.",
                    "STREAM.MSG.DELETE.",
                    "STREAM.RESTORE.");

    private final boolean sequenced;

    Purpose(boolean sequenced) {
        this.sequenced = sequenced;
    }

    /// Whether an answer may name a sequence of the bucket.
    boolean isSequenced() {
        return sequenced;
    }

    /// Whether it writes to the bucket.
    boolean isWrite() {
        return this == WRITE || this == GUARDED_WRITE;
    }

    /// Whether doing it twice does no more than doing it once.
    boolean isRepeatable() {
        return this == READ || this == READ_ELSEWHERE || this == SURVEY;
    }

    /// Whether it asks for messages themselves, without JetStream's words around them.
    static boolean isDirectGet(String subject) {
        return api(subject).startsWith(DIRECT_GET);
    }

    static Purpose of(Frame.Publish publish, Bucket bucket) {
        String subject = publish.subject();
        if (bucket.holds(subject)) {
            return Expectation.of(publish) == null ? WRITE : GUARDED_WRITE;
        }
        if (bucket.isPrivate(subject)) {
            return FORBIDDEN;
        }
        String api = api(subject);
        if (api.isEmpty()) {
            return OTHER;
        }
        if (api.startsWith("CONSUMER.MSG.NEXT.")) {
            return PULL;
        }
        if (streamOf(CHANGES, api).equals(bucket.stream())) {
            return FORBIDDEN;
        }
        if (SURVEYS.contains(api)) {
            return SURVEY;
        }
        String stream = streamOf(REPEATABLE, api);
        if (stream.isEmpty()) {
            boolean ofBucket = ("." + api + ".").contains("." + bucket.stream() + ".");
            return ofBucket ? OTHER_OF_BUCKET : OTHER;
        }
        return stream.equals(bucket.stream()) ? READ : READ_ELSEWHERE;
    }

    /// The stream that a request with one of these beginnings is about, empty when it has none.
    private static String streamOf(List<String> beginnings, String api) {
        for (String beginning : beginnings) {
            if (api.startsWith(beginning)) {
                int end = api.indexOf('.', beginning.length());
                return api.substring(beginning.length(), end < 0 ? api.length() : end);
            }
        }
        return "";
    }

    /// What follows `$JS.API.` or, with a domain, `$JS.DOMAIN.API.`; empty when it is no such
    /// subject.
    private static String api(String subject) {
        if (!subject.startsWith("$JS.")) {
            return "";
        }
        int from = subject.startsWith("API.", 4) ? 4 : subject.indexOf('.', 4) + 1;
        boolean isApi = from > 0 && subject.startsWith("API.", from);
        return isApi ? subject.substring(from + 4) : "";
    }
}
