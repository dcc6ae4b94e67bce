package tidefs.control;

/** A resource that is a record and nothing else: it is there from the call that makes it. */
sealed interface Standing extends Resource permits SecurityGroup, Vpc, Subnet, KmsKey, Replication {
  @Override
  default LifeCycleState state() {
    return LifeCycleState.AVAILABLE;
  }

  @Override
  default Resource after(LifeCycleState.Event event) {
    return this;
  }
}
