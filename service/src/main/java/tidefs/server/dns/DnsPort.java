package tidefs.server.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.MountTargetDescription;
import tidefs.control.PageRequest;

/** The responder of a server, open until it is closed. */
public final class DnsPort implements AutoCloseable {
  private final DnsResponder responder;
  private final InetSocketAddress address;

  private DnsPort(DnsResponder responder, InetSocketAddress address) {
    this.responder = responder;
    this.address = address;
  }

  /**
   * Opens a responder for the names below {@code efs.REGION.SUFFIX}.
   *
   * @throws IOException if that fails, for example because the port is taken
   */
  public static DnsPort open(
      InetSocketAddress address, String suffix, int ttlSeconds, Control control)
      throws IOException {
    FileSystemNames names =
        new FileSystemNames(control::network, suffix, id -> mountTargets(control, id));
    DnsResponder responder = new DnsResponder(new DnsAnswers(names, ttlSeconds));
    try {
      return new DnsPort(responder, responder.open(address));
    } catch (IOException e) {
      responder.close();
      throw e;
    }
  }

  private static List<MountTargetDescription> mountTargets(Control control, String id) {
    try {
      return control.mountTargets().ofFileSystem(id, PageRequest.FIRST).entries();
    } catch (ApiRefusal none) {
      return List.of();
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    responder.close();
  }
}
