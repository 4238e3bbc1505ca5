package dev.twonode.config;

import java.nio.file.Path;

/// Where a value came from. The stronger origin wins; `toString` names it to a reader.
public sealed interface Origin {

    /// How strong: flag, environment, context, file, default.
    int strength();

    /// A command-line flag.
    record Flag(Setting setting) implements Origin {
        @Override
        public int strength() {
            return 4;
        }

        @Override
        public String toString() {
            return setting.toString();
        }
    }

    /// An environment variable.
    record Environment(String variable) implements Origin {
        @Override
        public int strength() {
            return 3;
        }

        @Override
        public String toString() {
            return "$" + variable;
        }
    }

    /// A NATS context.
    record Context(Path file, String key) implements Origin {
        @Override
        public int strength() {
            return 2;
        }

        @Override
        public String toString() {
            return file + " (" + key + ")";
        }
    }

    /// A line of a configuration file.
    record File(Path file, int line) implements Origin {
        @Override
        public int strength() {
            return 1;
        }

        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /// Nobody said anything.
    record Default() implements Origin {
        @Override
        public int strength() {
            return 0;
        }

        @Override
        public String toString() {
            return "default";
        }
    }
}
