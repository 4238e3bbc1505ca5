package dev.twonode.config;

import dev.twonode.logging.LogFormat;
import dev.twonode.logging.LogLevel;
import dev.twonode.protocol.NodeName;
import java.nio.file.Path;

/// Everything an agent is told, checked.
///
/// @param name this node
/// @param pair what it has to know of the pair
/// @param server its own NATS server
/// @param peer the peer's NATS server
/// @param gateway where clients reach the leader through this node
/// @param timing every time span
/// @param stateDir folder of the journal, the events and the orphans
/// @param logFormat form of the log lines
/// @param logLevel least level that is logged
public record Config(
        NodeName name,
        PairSettings pair,
        ConnectionSettings server,
        ConnectionSettings peer,
        GatewayConfig gateway,
        Timing timing,
        Path stateDir,
        LogFormat logFormat,
        LogLevel logLevel) {}
