package tidefs.control;

/** What the control plane keeps: one record for each thing that has an id. */
sealed interface Resource permits FileSystem, MountTarget, AccessPoint, Standing {
  /** The id, unique among all resources. */
  String id();

  /** Where it stands in its life. */
  LifeCycleState state();

  /** This resource in the state that follows an event. */
  Resource after(LifeCycleState.Event event);
}
