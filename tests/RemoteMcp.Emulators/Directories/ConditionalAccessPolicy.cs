namespace RemoteMcp.Emulators.Directories;

public enum ConditionalAccessDecision
{
    /// <summary>A sign-in without a second factor does not suffice: AADSTS50076 with a claims challenge.</summary>
    RequireMultifactor,

    /// <summary>Nobody gets in: AADSTS53003.</summary>
    Block,
}

/// <summary>A policy on one resource.</summary>
/// <param name="Decision">What it demands.</param>
/// <param name="Id">What the claims challenge names (<c>capolids</c>).</param>
public sealed record ConditionalAccessPolicy(ConditionalAccessDecision Decision, string Id);
