namespace RemoteMcp.Tools.Analytics;

/// <summary>Options for reading and importing the team's metrics. Configuration section: <see cref="Section"/>.</summary>
public sealed class AnalyticsOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "RemoteMcp:Analytics";

    /// <summary>
    /// Gets or sets the IANA time zone of the team's calendar, such as <c>Europe/Berlin</c>. The default is <c>UTC</c>. An import counts
    /// each event on its day in this time zone. A query without <c>time_zone</c> uses it to determine the current day. A change does not
    /// affect data that was imported before.
    /// </summary>
    public string TimeZone { get; set; } = "UTC";
}
