package dev.twonode.config;

import java.util.List;

/// The settings that say how to log in to one of the two servers.
///
/// @param user user name
/// @param passwords the password, or a file with it
/// @param tokens the token, or a file with it
/// @param creds credentials file
/// @param nkey file with an NKey seed
record LoginKeys(
        Setting user, List<Setting> passwords, List<Setting> tokens, Setting creds, Setting nkey) {

    static final LoginKeys OWN =
            new LoginKeys(
                    Setting.USER,
                    List.of(Setting.PASSWORD, Setting.PASSWORD_FILE),
                    List.of(Setting.TOKEN, Setting.TOKEN_FILE),
                    Setting.CREDS,
                    Setting.NKEY);

    static final LoginKeys PEER =
            new LoginKeys(
                    Setting.PEER_USER,
                    List.of(Setting.PEER_PASSWORD_FILE),
                    List.of(Setting.PEER_TOKEN_FILE),
                    Setting.PEER_CREDS,
                    Setting.PEER_NKEY);
}
