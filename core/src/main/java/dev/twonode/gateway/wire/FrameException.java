package dev.twonode.gateway.wire;

import java.io.IOException;

/// Bytes that are not the protocol. The connection they came by cannot be read any further.
public final class FrameException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Fault fault;

    /// What is wrong, in the words in which a server says it.
    public enum Fault {
        UNKNOWN_OPERATION("Unknown Protocol Operation"),
        LINE_TOO_LONG("Maximum Control Line Exceeded"),
        PAYLOAD_TOO_LONG("Maximum Payload Violation"),
        MALFORMED("Parser Error"),
        CUT_OFF("Unexpected End");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// @param detail what exactly, for the log
    public FrameException(Fault fault, String detail) {
        super(fault.words() + ": " + detail);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
