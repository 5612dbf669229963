using RemoteMcp.ToolCalls;

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
/// <remarks>The texts can contain text from the server, so they are bounded, and are safe for one line on a terminal.</remarks>
internal sealed record Finding(Verdict Verdict, string Check, string Detail, string? Remedy = null)
{
    // A detail has up to 30 names of tools, and several excerpts.
    private const int MaxLength = 3000;

    /// <summary>Gets the details of the result.</summary>
    public string Detail { get; } = SafeText.Line(Detail, MaxLength);

    /// <summary>Gets the action that fixes the problem, or null if there is no problem.</summary>
    public string? Remedy { get; } = Remedy is null ? null : SafeText.Line(Remedy, MaxLength);
}
