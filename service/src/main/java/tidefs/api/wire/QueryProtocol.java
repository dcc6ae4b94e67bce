package tidefs.api.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import tidefs.api.Exchange;
import tidefs.api.Parameters;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;

/**
 * AWS Query: parameters in a form or a query, with dots in their names where structures and lists
 * nest, and replies in XML.
 *
 * @param namespace that of the replies
 */
public record QueryProtocol(String namespace) implements Protocol {
  private static final String XML = "text/xml";
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Parameters of a form: PutMetricData has some for each of many values. */
  private static final int PARAMETERS = 40_000;

  private static final int DEPTH = 32;

  @Override
  public boolean carries(Exchange exchange) {
    return exchange
            .header("content-type")
            .orElse("")
            .startsWith("application/x-www-form-urlencoded")
        || exchange.query().first("Action").isPresent();
  }

  @Override
  public Call decode(Exchange exchange) throws ServiceError {
    Parameters parameters =
        exchange.method().equals("POST")
            ? Parameters.parse(new String(exchange.body(), StandardCharsets.UTF_8), PARAMETERS)
            : exchange.query();
    Branch root = new Branch();
    for (String name : parameters.names()) {
      String[] parts = name.split("\\.", DEPTH + 1);
      if (parts.length > DEPTH) {
        throw ServiceError.serialization("A parameter is nested too deeply.");
      }
      Branch branch = root;
      for (int i = 0; i < parts.length - 1; i++) {
        branch = branch.children.computeIfAbsent(parts[i], _ -> new Branch());
      }
      branch.children.computeIfAbsent(parts[parts.length - 1], _ -> new Branch()).text =
          parameters.first(name).orElse("");
    }
    return new Call(parameters.first("Action").orElse(""), root.structure());
  }

  /** A part of the names of parameters. */
  private static final class Branch {
    private final Map<String, Branch> children = new LinkedHashMap<>();
    private String text = "";

    Structure structure() {
      Map<String, Datum> members = new LinkedHashMap<>();
      children.forEach((name, child) -> members.put(name, child.datum()));
      return new Structure(members);
    }

    private Datum datum() {
      if (children.isEmpty()) {
        return new Datum.Text(text);
      }
      Branch list = children.get("member");
      if (list != null && children.size() == 1 && list.isNumbered()) {
        return new Datum.Sequence(list.inOrder().stream().map(Branch::datum).toList());
      }
      Branch map = children.get("entry");
      if (map != null && children.size() == 1 && map.isNumbered()) {
        Map<String, Datum> entries = new LinkedHashMap<>();
        for (Branch entry : map.inOrder()) {
          Branch key = entry.children.get("key");
          Branch value = entry.children.get("value");
          if (key != null && value != null) {
            entries.put(key.text, value.datum());
          }
        }
        return new Structure(entries);
      }
      return structure();
    }

    private boolean isNumbered() {
      return children.keySet().stream().allMatch(name -> name.matches("[0-9]{1,9}"));
    }

    private List<Branch> inOrder() {
      Map<Integer, Branch> sorted = new TreeMap<>();
      children.forEach((name, child) -> sorted.put(Integer.parseInt(name), child));
      return List.copyOf(sorted.values());
    }
  }

  @Override
  public Reply encode(Call call, Structure output, Exchange exchange) {
    return Reply.of(
        200,
        XML,
        document(
            call.operation() + "Response",
            out -> {
              out.writeStartElement(call.operation() + "Result");
              write(output, out);
              out.writeEndElement();
              out.writeStartElement("ResponseMetadata");
              text(out, "RequestId", exchange.requestId());
              out.writeEndElement();
            }));
  }

  @Override
  public Reply error(ServiceError error, String shape, Exchange exchange) {
    return Reply.of(
        error.status(),
        XML,
        document(
            "ErrorResponse",
            out -> {
              out.writeStartElement("Error");
              text(out, "Type", Protocol.fault(error));
              text(out, "Code", error.code());
              text(out, "Message", error.message());
              out.writeEndElement();
              text(out, "RequestId", exchange.requestId());
            }));
  }

  @FunctionalInterface
  private interface Content {
    void write(XMLStreamWriter out) throws XMLStreamException;
  }

  private byte[] document(String root, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter out = FACTORY.createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      out.writeStartElement(root);
      out.writeDefaultNamespace(namespace);
      content.write(out);
      out.writeEndElement();
      out.writeEndDocument();
      out.flush();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML could not be written to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(Datum value, XMLStreamWriter out) throws XMLStreamException {
    switch (value) {
      case Datum.Text(String text) -> out.writeCharacters(clean(text));
      case Datum.Whole(long number) -> out.writeCharacters(Long.toString(number));
      case Datum.Real(double number) -> out.writeCharacters(Double.toString(number));
      case Datum.Flag(boolean holds) -> out.writeCharacters(Boolean.toString(holds));
      case Datum.Moment(Instant instant) -> out.writeCharacters(TIME.format(instant));
      case Datum.Sequence(List<Datum> elements) -> {
        for (Datum element : elements) {
          element("member", element, out);
        }
      }
      case Datum.Entries(Map<String, String> entries) -> {
        for (Map.Entry<String, String> entry : entries.entrySet()) {
          out.writeStartElement("entry");
          text(out, "key", entry.getKey());
          text(out, "value", entry.getValue());
          out.writeEndElement();
        }
      }
      case Structure(Map<String, Datum> members) -> {
        for (Map.Entry<String, Datum> member : members.entrySet()) {
          element(member.getKey(), member.getValue(), out);
        }
      }
    }
  }

  private static void element(String name, Datum value, XMLStreamWriter out)
      throws XMLStreamException {
    out.writeStartElement(name);
    write(value, out);
    out.writeEndElement();
  }

  private static void text(XMLStreamWriter out, String name, String text)
      throws XMLStreamException {
    element(name, new Datum.Text(text), out);
  }

  /** Characters that XML cannot hold become question marks. */
  private static String clean(String text) {
    return text.replaceAll("[^\\t\\n\\r\\P{Cc}]", "?");
  }
}
