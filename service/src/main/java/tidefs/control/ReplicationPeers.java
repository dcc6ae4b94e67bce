package tidefs.control;

import java.util.Optional;

/**
 * The control planes of other Regions, where destinations are. The server implements it over their
 * APIs; its methods take their time.
 */
public interface ReplicationPeers {
  /** No Region but our own. */
  ReplicationPeers NONE =
      new ReplicationPeers() {
        @Override
        public boolean knows(String region) {
          return false;
        }

        @Override
        public String accept(String region, Request request) {
          throw new IllegalStateException("no Region is known");
        }

        @Override
        public void release(String region, String sourceId) {
          throw new IllegalStateException("no Region is known");
        }
      };

  /** Whether destinations may be in a Region. */
  boolean knows(String region);

  /**
   * Has a file system there follow, a new one if none is named; returns its id. Refused as the
   * other side refuses it.
   */
  String accept(String region, Request request) throws ApiRefusal;

  /** Lets the destination of a source be a file system of its own; no effect if it is one. */
  void release(String region, String sourceId) throws ApiRefusal;

  /**
   * What a destination must fit.
   *
   * @param sourceId the source
   * @param sourceRegion where it is
   * @param sourceEncrypted whether the destination must be encrypted
   * @param performanceMode of the source
   * @param throughput of the source
   * @param wanted the destination
   */
  record Request(
      String sourceId,
      String sourceRegion,
      boolean sourceEncrypted,
      PerformanceMode performanceMode,
      Throughput throughput,
      NewDestination wanted) {
    Optional<String> fileSystemId() {
      return wanted.fileSystemId();
    }
  }
}
