package tidefs.cli;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The two or three calls of the EC2 API that this command line needs. */
final class Ec2Client {
  private static final String VERSION = "2016-11-15";

  private final Endpoint endpoint;

  Ec2Client(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** A subnet as DescribeSubnets tells it. */
  record Subnet(String id, String vpc, String zone, String cidr, String freeAddresses) {}

  /** DescribeSubnets. */
  List<Subnet> subnets() {
    String answer = endpoint.post("ec2", "Action=DescribeSubnets&Version=" + VERSION);
    List<Subnet> subnets = new ArrayList<>();
    for (Map<String, String> item : items(answer, "subnetSet")) {
      subnets.add(
          new Subnet(
              item.getOrDefault("subnetId", ""),
              item.getOrDefault("vpcId", ""),
              item.getOrDefault("availabilityZone", ""),
              item.getOrDefault("cidrBlock", ""),
              item.getOrDefault("availableIpAddressCount", "")));
    }
    return subnets;
  }

  /** The items of a list in an answer, each as its elements' texts by name. */
  static List<Map<String, String>> items(String xml, String list) {
    XMLInputFactory factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    List<Map<String, String>> items = new ArrayList<>();
    try {
      XMLStreamReader in = factory.createXMLStreamReader(new StringReader(xml));
      int listDepth = 0; // Depth below the list's element; 0 outside of it.
      StringBuilder text = new StringBuilder();
      while (in.hasNext()) {
        switch (in.next()) {
          case XMLStreamReader.START_ELEMENT -> {
            text.setLength(0);
            if (listDepth > 0 || in.getLocalName().equals(list)) {
              listDepth++;
            }
            if (listDepth == 2) {
              items.add(new HashMap<>());
            }
          }
          case XMLStreamReader.CHARACTERS -> text.append(in.getText());
          case XMLStreamReader.END_ELEMENT -> {
            if (listDepth == 3) {
              items.getLast().put(in.getLocalName(), text.toString().strip());
            }
            listDepth -= listDepth > 0 ? 1 : 0;
          }
          default -> {} // Comments, spaces and the like say nothing.
        }
      }
    } catch (XMLStreamException e) {
      throw new CommandException(
          ExitCode.FAILED, "the server's answer is not XML: " + e.getMessage(), e);
    }
    return items;
  }
}
