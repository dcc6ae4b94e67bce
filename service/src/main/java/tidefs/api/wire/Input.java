package tidefs.api.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;

/**
 * Reads the members of a structure in a request, whatever protocol it came by. What a member cannot
 * be read as is refused with the error InvalidParameterValue, what is missing with
 * MissingParameter.
 *
 * @param path where the structure is in the request, for messages; empty or ending in a dot
 */
public record Input(Structure structure, String path) {
  /** A request. */
  public static Input of(Structure structure) {
    return new Input(structure, "");
  }

  /** The refusal of a member's value. */
  public ServiceError invalid(String name, String problem) {
    return new ServiceError(
        400, "InvalidParameterValue", "The value for parameter " + path + name + " " + problem);
  }

  private ServiceError missing(String name) {
    return new ServiceError(
        400, "MissingParameter", "The parameter " + path + name + " is required.");
  }

  private Optional<Datum> member(String name) {
    return Optional.ofNullable(structure.members().get(name));
  }

  /** Whether there is a value. */
  public boolean has(String name) {
    return structure.members().containsKey(name);
  }

  /** A text. */
  public Optional<String> text(String name) throws ServiceError {
    Datum value = structure.members().get(name);
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(text(name, value));
  }

  private String text(String name, Datum value) throws ServiceError {
    if (value instanceof Datum.Text(String text)) {
      return text;
    }
    throw invalid(name, "must be a string.");
  }

  /** A text of so many characters at most; empty if there is none. */
  public Optional<String> text(String name, int limit) throws ServiceError {
    Optional<String> text = text(name);
    if (text.isPresent() && text.get().length() > limit) {
      throw invalid(name, "must not be longer than " + limit + " characters.");
    }
    return text;
  }

  /** A text that must be there, of 1 to so many characters. */
  public String requiredText(String name, int limit) throws ServiceError {
    String text = text(name, limit).orElse("");
    if (text.isEmpty()) {
      throw missing(name);
    }
    return text;
  }

  /** A number. */
  public Optional<Double> number(String name) throws ServiceError {
    Datum value = structure.members().get(name);
    return value == null ? Optional.empty() : Optional.of(number(name, value));
  }

  private double number(String name, Datum value) throws ServiceError {
    double number =
        switch (value) {
          case Datum.Whole(long whole) -> whole;
          case Datum.Real(double real) -> real;
          case Datum.Text(String text) -> parsed(name, text);
          case Datum.Flag _, Datum.Moment _, Datum.Sequence _, Datum.Entries _, Structure _ ->
              throw invalid(name, "must be a number.");
        };
    if (!Double.isFinite(number)) {
      throw invalid(name, "must be a finite number.");
    }
    return number;
  }

  private double parsed(String name, String text) throws ServiceError {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw invalid(name, "must be a number.");
    }
  }

  /** A number that must be there. */
  public double requiredNumber(String name) throws ServiceError {
    return number(name).orElseThrow(() -> missing(name));
  }

  /** A whole number within bounds. */
  public Optional<Integer> whole(String name, int least, int most) throws ServiceError {
    Optional<Double> number = number(name);
    if (number.isEmpty()) {
      return Optional.empty();
    }
    double value = number.get();
    if (value != Math.rint(value) || value < least || value > most) {
      throw invalid(name, "must be a whole number from " + least + " to " + most + ".");
    }
    return Optional.of((int) value);
  }

  /** A whole number within bounds that must be there. */
  public int requiredWhole(String name, int least, int most) throws ServiceError {
    return whole(name, least, most).orElseThrow(() -> missing(name));
  }

  /** A flag. */
  public Optional<Boolean> flag(String name) throws ServiceError {
    Datum value = structure.members().get(name);
    return switch (value) {
      case Datum.Flag(boolean holds) -> Optional.of(holds);
      case Datum.Text(String text) when text.equals("true") || text.equals("false") ->
          Optional.of(text.equals("true"));
      case null -> Optional.empty();
      default -> throw invalid(name, "must be true or false.");
    };
  }

  /** A moment: a text in ISO 8601, or seconds since 1970. */
  public Optional<Instant> time(String name) throws ServiceError {
    Datum value = structure.members().get(name);
    try {
      return switch (value) {
        case Datum.Moment(Instant instant) -> Optional.of(instant);
        case Datum.Text(String text) -> Optional.of(OffsetDateTime.parse(text).toInstant());
        case Datum.Whole(long seconds) -> Optional.of(Instant.ofEpochSecond(seconds));
        case Datum.Real(double seconds) ->
            Optional.of(Instant.ofEpochMilli(Math.round(seconds * 1e3)));
        case null -> Optional.empty();
        default -> throw invalid(name, "must be a timestamp.");
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw invalid(name, "must be a timestamp.");
    }
  }

  /** A moment that must be there. */
  public Instant requiredTime(String name) throws ServiceError {
    return time(name).orElseThrow(() -> missing(name));
  }

  private static boolean isEmptyText(Datum value) {
    return value instanceof Datum.Text(String text) && text.isEmpty();
  }

  private List<Datum> elements(String name, int limit) throws ServiceError {
    Optional<Datum> value = member(name);
    if (value.isEmpty() || isEmptyText(value.get())) {
      return List.of(); // An empty list in the Query protocol is an empty text.
    }
    if (!(value.get() instanceof Datum.Sequence(List<Datum> elements))) {
      throw invalid(name, "must be a list.");
    }
    if (elements.size() > limit) {
      throw invalid(name, "must not have more than " + limit + " elements.");
    }
    return elements;
  }

  /** A list of texts. */
  public List<String> texts(String name, int limit) throws ServiceError {
    List<String> texts = new ArrayList<>();
    for (Datum element : elements(name, limit)) {
      texts.add(text(name, element));
    }
    return texts;
  }

  /** A list of texts that must not be empty. */
  public List<String> requiredTexts(String name, int limit) throws ServiceError {
    List<String> texts = texts(name, limit);
    if (texts.isEmpty()) {
      throw missing(name);
    }
    return texts;
  }

  /** A list of numbers. */
  public List<Double> numbers(String name, int limit) throws ServiceError {
    List<Double> numbers = new ArrayList<>();
    for (Datum element : elements(name, limit)) {
      numbers.add(number(name, element));
    }
    return numbers;
  }

  /** A list of structures. */
  public List<Input> structures(String name, int limit) throws ServiceError {
    List<Input> structures = new ArrayList<>();
    for (Datum element : elements(name, limit)) {
      String where = path + name + ".member." + (structures.size() + 1) + ".";
      if (!(element instanceof Structure each)) {
        throw invalid(name, "must be a list of structures.");
      }
      structures.add(new Input(each, where));
    }
    return structures;
  }

  /** A structure. */
  public Optional<Input> structure(String name) throws ServiceError {
    Optional<Datum> value = member(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Structure inner) {
      return Optional.of(new Input(inner, path + name + "."));
    }
    throw invalid(name, "must be a structure.");
  }

  /** A structure that must be there. */
  public Input requiredStructure(String name) throws ServiceError {
    return structure(name).orElseThrow(() -> missing(name));
  }

  /** A map of texts. */
  public Map<String, String> entries(String name) throws ServiceError {
    Optional<Input> map = structure(name);
    Map<String, String> entries = new LinkedHashMap<>();
    if (map.isPresent()) {
      for (String key : map.get().structure.members().keySet()) {
        entries.put(key, map.get().text(key).orElse(""));
      }
    }
    return entries;
  }
}
