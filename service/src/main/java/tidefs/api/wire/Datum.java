package tidefs.api.wire;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value in a request or reply. What a request holds is as precise as its protocol: the Query
 * protocol knows texts alone, JSON knows no times; {@link Input} reads all of them.
 */
public sealed interface Datum {
  /** A text. */
  record Text(String text) implements Datum {}

  /** A whole number. */
  record Whole(long number) implements Datum {}

  /** Any number. */
  record Real(double number) implements Datum {}

  /** True or false. */
  record Flag(boolean holds) implements Datum {}

  /** A moment. */
  record Moment(Instant instant) implements Datum {}

  /** Values in their order. */
  record Sequence(List<Datum> elements) implements Datum {
    /** Copies the list. */
    public Sequence {
      elements = List.copyOf(elements);
    }
  }

  /** Texts by text: a map, where a structure has members that its shape names. */
  record Entries(Map<String, String> entries) implements Datum {}

  /** Values by the names of members; those that are absent have no value. */
  record Structure(Map<String, Datum> members) implements Datum {
    /** A structure without members. */
    public static final Structure EMPTY = new Structure(Map.of());

    /** Copies the members, in their order. */
    public Structure {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** Begins a structure. */
    public static Builder with() {
      return new Builder();
    }
  }

  /** A structure being filled. */
  final class Builder {
    private final Map<String, Datum> members = new LinkedHashMap<>();

    private Builder() {}

    /** Adds a member. */
    public Builder put(String name, Datum value) {
      members.put(name, value);
      return this;
    }

    /** Adds a text. */
    public Builder put(String name, String text) {
      return put(name, new Text(text));
    }

    /** Adds a text unless it is empty. */
    public Builder putUnlessEmpty(String name, String text) {
      return text.isEmpty() ? this : put(name, text);
    }

    /** Adds a whole number. */
    public Builder put(String name, long number) {
      return put(name, new Whole(number));
    }

    /** Adds a number. */
    public Builder put(String name, double number) {
      return put(name, new Real(number));
    }

    /** Adds a flag. */
    public Builder put(String name, boolean holds) {
      return put(name, new Flag(holds));
    }

    /** Adds a moment. */
    public Builder put(String name, Instant instant) {
      return put(name, new Moment(instant));
    }

    /** Adds a list. */
    public Builder put(String name, List<? extends Datum> elements) {
      return put(name, new Sequence(List.copyOf(elements)));
    }

    /** Adds a list of texts. */
    public Builder putTexts(String name, List<String> texts) {
      return put(name, texts.stream().map(Text::new).toList());
    }

    /** The structure. */
    public Structure end() {
      return new Structure(members);
    }
  }
}
