package tidefs.control;

import java.util.List;
import java.util.Optional;

/** A part of a list; {@code next} is where the following part begins, if there is more. */
public record Page<T>(List<T> entries, Optional<String> next) {
  /** Copies the list. */
  public Page {
    entries = List.copyOf(entries);
  }
}
