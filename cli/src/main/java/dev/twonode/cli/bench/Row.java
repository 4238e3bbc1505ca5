package dev.twonode.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;

/// One line of the result.
///
/// @param name what was measured
/// @param value the number
/// @param unit its unit: `ms`, `x` for a ratio of speeds, `times` for one of times, `MiB`, `%` or
///   empty for a count
/// @param limit the number that it should not exceed, or not fall below for a ratio of speeds; NaN
///   for none
/// @param note how it came about
record Row(String name, double value, String unit, double limit, String note) {

    /// A number without an aim.
    static Row of(String name, double value, String unit, String note) {
        return new Row(name, value, unit, Double.NaN, note);
    }

    /// The middle one of some times.
    static double median(long[] times) {
        return median(Arrays.stream(times).asDoubleStream().toArray());
    }

    /// The same of times that are no whole numbers.
    static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// The longest of some times.
    static double worst(long[] times) {
        return Arrays.stream(times).max().orElse(0);
    }

    boolean hasAim() {
        return !Double.isNaN(limit);
    }

    /// Whether it counts broken promises rather than measures something.
    boolean isPromise() {
        return unit.isEmpty() && hasAim();
    }

    boolean isMet() {
        return !hasAim() || (unit.equals("x") ? value >= limit : value <= limit);
    }

    String number() {
        return number(value);
    }

    /// The aim as a person reads it.
    String aim() {
        return hasAim() ? (unit.equals("x") ? ">= " : "<= ") + number(limit) : "";
    }

    private String number(double shown) {
        boolean whole = shown == Math.rint(shown);
        String form = unit.equals("x") || unit.equals("times") ? "%.2f" : whole ? "%.0f" : "%.1f";
        String digits = String.format(Locale.ROOT, form, shown);
        return unit.isEmpty() ? digits : digits + " " + unit;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name);
        json.put("value", value);
        json.put("unit", unit);
        if (hasAim()) {
            json.put("aim", limit);
            json.put("met", isMet());
        }
        json.put("note", note);
        return json;
    }
}
