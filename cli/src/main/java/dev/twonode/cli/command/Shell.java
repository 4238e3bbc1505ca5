package dev.twonode.cli.command;

import java.util.Locale;

/// The shells that have a completion script.
public enum Shell {
    BASH("bash-completion/completions/twonode"),
    ZSH("zsh/site-functions/_twonode"),
    FISH("fish/vendor_completions.d/twonode.fish");

    private final String script;

    Shell(String script) {
        this.script = script;
    }

    /// Where its script is below the folder `share`.
    public String script() {
        return script;
    }

    /// The word that is typed.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
