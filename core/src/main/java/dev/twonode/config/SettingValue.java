package dev.twonode.config;

/// The text that a setting has, and where it came from.
///
/// @param setting which setting
/// @param text the value as it was written
/// @param origin who said so
public record SettingValue(Setting setting, String text, Origin origin) {

    /// The text for a reader: a secret is masked.
    public String shown() {
        return setting.isSecret() ? Secret.MASK : text;
    }

    @Override
    public String toString() {
        return setting.flag() + "=" + shown() + " (" + origin + ")";
    }
}
