package tidefs.control;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which part of a list a caller wants: so many entries, from the place that a marker names. Markers
 * are opaque to callers; they hold the key of the last entry already seen, so that a page costs the
 * same wherever it begins and entries that come or go between two pages disturb no others.
 */
public record PageRequest(Optional<String> marker, OptionalInt entries) {
  /** The first page, of the usual size. */
  public static final PageRequest FIRST = new PageRequest(Optional.empty(), OptionalInt.empty());

  private static final String FORMAT = "1:";

  /** The page of {@code all} that this asks for; at most {@code limit} entries. */
  <T> Page<T> of(NavigableMap<String, T> all, int limit) throws ApiRefusal {
    NavigableMap<String, T> rest = all;
    if (marker.isPresent()) {
      rest = all.tailMap(decode(marker.get()), false);
    }
    int wanted = Math.min(entries.orElse(limit), limit);
    List<T> page = new ArrayList<>();
    String last = "";
    for (var entry : rest.entrySet()) {
      if (page.size() == wanted) {
        return new Page<>(page, Optional.of(encode(last)));
      }
      page.add(entry.getValue());
      last = entry.getKey();
    }
    return new Page<>(page, Optional.empty());
  }

  private static String encode(String key) {
    byte[] bytes = (FORMAT + key).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String decode(String marker) throws ApiRefusal {
    String text;
    try {
      text = new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      text = "";
    }
    if (!text.startsWith(FORMAT)) {
      throw ApiRefusal.badRequest("The pagination marker is not valid.");
    }
    return text.substring(FORMAT.length());
  }
}
