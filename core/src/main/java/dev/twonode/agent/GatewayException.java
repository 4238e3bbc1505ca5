package dev.twonode.agent;

/// The gateway cannot serve anybody as it is configured. The message says why and what to do.
public final class GatewayException extends Exception {

    private static final long serialVersionUID = 1L;

    GatewayException(String why, Throwable cause) {
        super(why, cause);
    }
}
