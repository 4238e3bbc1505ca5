/// What commands print: tables, JSON, YAML, tab-separated rows.
///
/// JSON and YAML come from one tree, so they always agree, and are a stable contract with a
/// `schema` number; tables may change at any time. Nothing here asks an agent or reads a clock.
@NullMarked
package dev.twonode.cli.output;

import org.jspecify.annotations.NullMarked;
