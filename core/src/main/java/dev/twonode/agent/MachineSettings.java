package dev.twonode.agent;

import dev.twonode.config.Config;
import dev.twonode.config.GatewayConfig;
import dev.twonode.config.PairSettings;
import dev.twonode.config.Timing;
import dev.twonode.protocol.Settings;
import java.security.SecureRandom;
import java.util.HexFormat;

/// What the machine has to know of the agent's settings.
final class MachineSettings {

    private MachineSettings() {}

    /// @param process identity of this agent process
    /// @param newPairId the identity that the pair gets if this node has to give it one
    static Settings of(Config config, String process, String newPairId) {
        Timing timing = config.timing();
        PairSettings pair = config.pair();
        return new Settings(
                config.name(),
                process,
                newPairId,
                pair.designated(),
                pair.startAlone() == PairSettings.StartAlone.DESIGNATED,
                pair.onDivergence() == PairSettings.OnDivergence.STOP,
                config.gateway().whenAlone() == GatewayConfig.WhenAlone.STOP,
                config.gateway().ahead(),
                timing.toProtocol());
    }

    /// A name unlike any other.
    static String token() {
        byte[] bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
