/// The only package that imports the NATS client library: real connections behind the `messaging`
/// port, real streams behind the `replication` port, and the micro service. No type of the client
/// leaves it.
///
/// A [NatsLink] owns one connection at a time; each is a `Session` that ends once and for all, so
/// that whatever was begun on it fails at once instead of waiting for a later connection. Calls
/// block the calling thread with a bound; nothing is sent twice.
///
/// It must not decide: which stream to open or fence, and what an outcome means, is for others.
@NullMarked
package dev.twonode.nats;

import org.jspecify.annotations.NullMarked;
