package tidefs.testkit;

import java.util.List;

/** The AUTH_NONE or AUTH_SYS credentials of a test client (RFC 5531 §8, appendix A). */
public record Credentials(int flavor, int user, int group, List<Integer> groups) {
  /** No credentials. */
  public static final Credentials NONE = new Credentials(0, 0, 0, List.of());

  /** The superuser. */
  public static final Credentials ROOT = of(0, 0);

  /** This user, with this group and these supplementary groups. */
  public static Credentials of(int user, int group, Integer... groups) {
    return new Credentials(1, user, group, List.of(groups));
  }

  void encode(XdrOut out) {
    out.int32(flavor);
    if (flavor == 0) {
      out.int32(0);
      return;
    }
    var body = new XdrOut().int32(0).text("testkit").int32(user).int32(group).int32(groups.size());
    groups.forEach(body::int32);
    out.opaque(body.toBytes());
  }
}
