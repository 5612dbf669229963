namespace RemoteMcp.Tools.Analytics;

/// <summary>How the team's numbers are read and imported. Section <see cref="Section"/> of the configuration.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>The section of the configuration that these settings are read from.</summary>
    public const string Section = "RemoteMcp:Analytics";

    /// <summary>
    /// The IANA time zone of the team's calendar, such as <c>Europe/Berlin</c>; default <c>UTC</c>. An import counts each event on its
    /// day there, and a query without a <c>time_zone</c> of its own takes from it what day today is. Changing it does not move what was
    /// imported before.
    /// </summary>
    public string TimeZone { get; set; } = "UTC";
}
