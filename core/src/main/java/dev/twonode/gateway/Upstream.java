package dev.twonode.gateway;

import dev.twonode.gateway.wire.FrameReader;
import dev.twonode.gateway.wire.Frames;
import dev.twonode.protocol.Showing;
import java.io.IOException;

/// A client's connection to one server process (rule T2).
final class Upstream {

    private final Link link;
    private final Greeting greeting;
    private final UnderWay underWay = new UnderWay();
    private volatile boolean introduced;
    private volatile boolean ready;
    private volatile boolean handsOver;

    Upstream(ServerDial.Greeted greeted) throws IOException {
        this.greeting = Greeting.of(greeted.info());
        this.link = new Link(greeted.socket(), FrameReader.SERVER_LINE);
    }

    Link link() {
        return link;
    }

    /// What the client has at this server without an answer.
    UnderWay underWay() {
        return underWay;
    }

    Greeting greeting() {
        return greeting;
    }

    /// Whether it leads to the server that this leader announced.
    boolean isOf(Showing.Leader leader) {
        return greeting.serverId().equals(leader.serverId());
    }

    /// Tells the server who the client is, before anything else.
    ///
    /// @return false when the connection is lost
    boolean introduce(Greeting.Introduction said) {
        introduced = Books.written(this, Frames.connect(said.json()));
        return introduced;
    }

    /// Whether the server knows the client, so that it takes subscriptions.
    boolean isIntroduced() {
        return introduced;
    }

    /// Whether the server has answered what the gateway itself sent first.
    boolean isReady() {
        return ready;
    }

    void becomeReady() {
        ready = true;
    }

    /// Whether its leader hands over: what was sent before has its answer soon.
    boolean handsOver() {
        return handsOver;
    }

    void setHandsOver(boolean value) {
        handsOver = value;
    }

    boolean isClosed() {
        return link.isClosed();
    }

    void close() {
        link.close();
    }

    /// Closes it so that what has not got to the server yet never does: it may be sent again by
    /// another connection.
    void abort() {
        link.abort();
    }
}
