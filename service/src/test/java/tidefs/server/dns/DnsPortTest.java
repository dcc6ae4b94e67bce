package tidefs.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidefs.control.ApiRefusal;
import tidefs.control.NewFileSystem;
import tidefs.control.NewMountTarget;
import tidefs.control.PerformanceMode;
import tidefs.control.Tags;
import tidefs.testkit.ControlPlane;

/** The responder over its sockets, with queries written by hand. */
class DnsPortTest {
  private static final int A = 1;
  private static final int AAAA = 28;
  private static final int NXDOMAIN = 3;
  private static final int NOTIMP = 4;
  private static final int REFUSED = 5;
  private static final String ZONE = ".efs.us-east-1.amazonaws.com";

  private final ControlPlane plane = new ControlPlane();
  private String fileSystem = "";
  private DnsPort port = open();

  private DnsPort open() {
    try {
      return DnsPort.open(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          "amazonaws.com",
          60,
          plane.control);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void makeAFileSystem() throws ApiRefusal {
    fileSystem =
        plane
            .control
            .fileSystems()
            .create(
                new NewFileSystem(
                    "t",
                    PerformanceMode.GENERAL_PURPOSE,
                    new NewFileSystem.Encryption(false, Optional.empty()),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Tags.NONE))
            .fileSystem()
            .id();
    plane.settle();
  }

  @AfterEach
  void close() {
    port.close();
    plane.close();
  }

  private Inet4Address mount(int subnet) throws ApiRefusal {
    Inet4Address address =
        plane
            .control
            .mountTargets()
            .create(
                new NewMountTarget(
                    fileSystem, "subnet-0000000000001270" + subnet, Optional.empty(), List.of()))
            .mountTarget()
            .address();
    plane.settle();
    return address;
  }

  private record Reply(int code, boolean authoritative, int answers, byte[] last) {}

  private static byte[] query(String name, int type, int opcode) {
    ByteBuffer out = ByteBuffer.allocate(512);
    out.putShort((short) 0x1234).putShort((short) (0x0100 | opcode << 11));
    out.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    for (String label : name.split("\\.", -1)) {
      byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
      out.put((byte) bytes.length).put(bytes);
    }
    out.put((byte) 0).putShort((short) type).putShort((short) 1);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static Reply reply(byte[] bytes, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    assertThat(in.getShort()).isEqualTo((short) 0x1234);
    int flags = in.getShort();
    in.getShort();
    byte[] last = Arrays.copyOfRange(bytes, length - 4, length);
    return new Reply(flags & 15, (flags & 0x0400) != 0, in.getShort(), last);
  }

  private Reply udp(String from, String name, int type, int opcode) throws IOException {
    byte[] asked = query(name, type, opcode);
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(from))) {
      socket.setSoTimeout(5_000);
      socket.send(new DatagramPacket(asked, asked.length, port.address()));
      DatagramPacket got = new DatagramPacket(new byte[512], 512);
      socket.receive(got);
      return reply(got.getData(), got.getLength());
    }
  }

  private Reply ask(String name) throws IOException {
    return udp("127.0.0.1", name, A, 0);
  }

  private Reply tcp(String name) throws IOException {
    byte[] asked = query(name, A, 0);
    try (Socket socket = new Socket()) {
      socket.connect(port.address());
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write(
              ByteBuffer.allocate(asked.length + 2)
                  .putShort((short) asked.length)
                  .put(asked)
                  .array());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] got = in.readNBytes(in.readUnsignedShort());
      return reply(got, got.length);
    }
  }

  @Test
  void aNameStandsForTheMountTargetOverUdpAndTcp() throws Exception {
    Inet4Address address = mount(1);
    for (Reply reply : List.of(ask(fileSystem + ZONE), tcp(fileSystem + ZONE))) {
      assertThat(reply.code()).isZero();
      assertThat(reply.authoritative()).isTrue();
      assertThat(reply.answers()).isOne();
      assertThat(reply.last()).isEqualTo(address.getAddress());
    }
    assertThat(ask((fileSystem + ZONE).toUpperCase(Locale.ROOT)).last())
        .isEqualTo(address.getAddress());
  }

  @Test
  void whoeverAsksGetsTheMountTargetOfHisZone() throws Exception {
    Inet4Address first = mount(1);
    Inet4Address second = mount(2);
    assertThat(udp("127.0.1.77", fileSystem + ZONE, A, 0).last()).isEqualTo(first.getAddress());
    assertThat(udp("127.0.2.77", fileSystem + ZONE, A, 0).last()).isEqualTo(second.getAddress());
    assertThat(udp("127.0.3.77", fileSystem + ZONE, A, 0).answers()).isOne();
  }

  @Test
  void aZoneIsNamedByItsNameOrItsId() throws Exception {
    mount(1);
    Inet4Address second = mount(2);
    assertThat(ask("us-east-1b." + fileSystem + ZONE).last()).isEqualTo(second.getAddress());
    assertThat(ask("use1-az2." + fileSystem + ZONE).last()).isEqualTo(second.getAddress());
    assertThat(ask("us-east-1c." + fileSystem + ZONE).code()).isEqualTo(NXDOMAIN);
    assertThat(ask("us-west-1b." + fileSystem + ZONE).code()).isEqualTo(NXDOMAIN);
  }

  @Test
  void aNameWithoutAMountTargetDoesNotExist() throws Exception {
    assertThat(ask(fileSystem + ZONE).code()).isEqualTo(NXDOMAIN);
    assertThat(ask("fs-00000000000000000" + ZONE).code()).isEqualTo(NXDOMAIN);
    assertThat(ask("fsap-00000000000000000." + fileSystem + ZONE).code()).isEqualTo(NXDOMAIN);
  }

  @Test
  void anExistingNameHasNoOtherRecords() throws Exception {
    mount(1);
    Reply reply = udp("127.0.0.1", fileSystem + ZONE, AAAA, 0);
    assertThat(reply.code()).isZero();
    assertThat(reply.answers()).isZero();
  }

  @Test
  void whateverIsNotOursIsRefused() throws Exception {
    mount(1);
    assertThat(ask("example.org").code()).isEqualTo(REFUSED);
    assertThat(ask(fileSystem + ".efs.eu-west-1.amazonaws.com").code()).isEqualTo(REFUSED);
    assertThat(tcp("efs.us-east-1.amazonaws.com.example.org").code()).isEqualTo(REFUSED);
    assertThat(udp("127.0.0.1", fileSystem + ZONE, A, 2).code()).isEqualTo(NOTIMP);
  }

  @Test
  void rubbishEndsNothing() throws Exception {
    Inet4Address address = mount(1);
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, port.address()));
    }
    try (Socket socket = new Socket()) {
      socket.connect(port.address());
      socket.getOutputStream().write(new byte[] {0, 3, 1, 2, 3});
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(ask(fileSystem + ZONE).last()).isEqualTo(address.getAddress());
  }
}
