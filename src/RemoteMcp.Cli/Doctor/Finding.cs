namespace RemoteMcp.Cli.Doctor;

/// <summary>How a check came out.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It works, and something about it is worth a look.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Bad,

    /// <summary>It was not tried, because something before it is missing.</summary>
    Skipped,
}

/// <summary>One line of the report.</summary>
/// <param name="Verdict">How it came out.</param>
/// <param name="Check">What was looked at.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Remedy">What to do about it; for whatever is not good.</param>
internal sealed record Finding(Verdict Verdict, string Check, string Detail, string? Remedy = null);
