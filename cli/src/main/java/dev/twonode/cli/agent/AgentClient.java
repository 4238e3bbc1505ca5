package dev.twonode.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// Requests to the server of one node. The connection is made at the first request and kept; when
/// it is gone, the next request makes a new one. For one thread.
public interface AgentClient extends AutoCloseable {

    /// The address as messages name it, without a password.
    String address();

    /// Sends a request and waits for what becomes of it.
    ///
    /// @param subject where to
    /// @param body the request; an empty object for none
    /// @param timeout how long to wait for the answer
    Reply request(String subject, JsonNode body, Duration timeout);

    @Override
    void close();
}
