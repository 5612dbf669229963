namespace RemoteMcp.Emulators.Directories;

public enum ConditionalAccessDecision
{
    /// <summary>Refuses a sign-in without a second factor: AADSTS50076 with a claims challenge.</summary>
    RequireMultifactor,

    /// <summary>Refuses every sign-in: AADSTS53003.</summary>
    Block,
}

/// <summary>A Conditional Access policy for one resource.</summary>
/// <param name="Decision">The requirement of the policy.</param>
/// <param name="Id">The ID in the claims challenge (<c>capolids</c>).</param>
public sealed record ConditionalAccessPolicy(ConditionalAccessDecision Decision, string Id);
