/// The address that clients connect to: it leads to the leader's server, wherever that is, follows
/// it, and shows nothing that is not on both nodes yet.
///
/// Start reading at `Gateway`, then `Session`: one per client, with a thread for each direction,
/// one more once answers have to wait for the follower (`Backlog`), and one while the leader
/// changes. What may be shown is decided elsewhere and arrives as a `Showing` on the `Board`;
/// `Sequences` knows what a message gives away, `Purpose` what a request is for, and `Settlement`
/// how requests without an answer get one after a change.
///
/// Nothing here decides who leads, and nothing a client or a server sends ends anything but its own
/// connection.
@NullMarked
package dev.twonode.gateway;

import org.jspecify.annotations.NullMarked;
