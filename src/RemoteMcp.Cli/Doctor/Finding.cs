namespace RemoteMcp.Cli.Doctor;

/// <summary>Specifies the result of a check.</summary>
internal enum Verdict
{
    /// <summary>The check succeeded.</summary>
    Good,

    /// <summary>The check succeeded, but the user should look at the details.</summary>
    Warning,

    /// <summary>The check failed.</summary>
    Bad,

    /// <summary>The check did not run, because a prerequisite is missing.</summary>
    Skipped,
}

/// <summary>Represents one line of the report.</summary>
/// <param name="Verdict">The result of the check.</param>
/// <param name="Check">The name of the check.</param>
/// <param name="Detail">The details of the result.</param>
/// <param name="Remedy">The action that fixes the problem, or null if there is no problem.</param>
internal sealed record Finding(Verdict Verdict, string Check, string Detail, string? Remedy = null);
