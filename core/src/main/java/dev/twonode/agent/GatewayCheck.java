package dev.twonode.agent;

import dev.twonode.config.Config;
import dev.twonode.gateway.Entrance;
import dev.twonode.gateway.GatewaySettings;
import java.io.IOException;
import java.util.Optional;

/// Whether a gateway could be opened as it is configured.
public final class GatewayCheck {

    private GatewayCheck() {}

    /// Why an address is not to be had at this moment: an agent that runs has it.
    ///
    /// @throws GatewayException if the certificate cannot be used
    public static Optional<String> taken(Config config) throws GatewayException {
        GatewaySettings settings;
        try {
            settings = GatewayWork.settings(config);
        } catch (IOException e) {
            throw new GatewayException(String.valueOf(e.getMessage()), e);
        }
        try {
            Entrance.at(settings).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
