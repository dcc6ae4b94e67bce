package tidefs.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes an XML document, element by element, in memory. */
public final class Xml {
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final XMLStreamWriter out;

  private Xml() throws XMLStreamException {
    out = FACTORY.createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
  }

  /** A document whose root element is filled by {@code content}. */
  public static byte[] document(String root, String namespace, Consumer<Xml> content) {
    try {
      Xml xml = new Xml();
      xml.out.writeStartDocument("UTF-8", "1.0");
      xml.out.writeStartElement(root);
      if (!namespace.isEmpty()) {
        xml.out.writeDefaultNamespace(namespace);
      }
      content.accept(xml);
      xml.out.writeEndElement();
      xml.out.writeEndDocument();
      xml.out.flush();
      return xml.bytes.toByteArray();
    } catch (XMLStreamException e) {
      throw unwritable(e);
    }
  }

  /** An element that holds text; characters that XML cannot hold become question marks. */
  public Xml text(String name, String value) {
    return element(name, () -> out.writeCharacters(value.replaceAll("[^\\t\\n\\r\\P{Cc}]", "?")));
  }

  /** An element that holds others. */
  public Xml element(String name, Consumer<Xml> content) {
    return element(name, () -> content.accept(this));
  }

  @FunctionalInterface
  private interface Content {
    void write() throws XMLStreamException;
  }

  private Xml element(String name, Content content) {
    try {
      out.writeStartElement(name);
      content.write();
      out.writeEndElement();
      return this;
    } catch (XMLStreamException e) {
      throw unwritable(e);
    }
  }

  private static IllegalStateException unwritable(XMLStreamException e) {
    return new IllegalStateException("XML could not be written to memory", e);
  }
}
