using RemoteMcp.Configuration;

namespace RemoteMcp.Fleet;

/// <summary>Options for how instances find and reach each other through the state store. Section <c>RemoteMcp:Fleet</c>.</summary>
/// <remarks>With the defaults, a client that resumes a call gets an error within 10 s after the call's instance died.</remarks>
public sealed class FleetOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Fleet";

    /// <summary>
    /// Gets or sets the shortest polling interval of the inbox, used right after a message; 5 ms to 1 s, 25 ms by default.
    /// </summary>
    public TimeSpan PollMin { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Gets or sets the longest polling interval while a client may wait for a message; up to 2 s, 250 ms by default.</summary>
    public TimeSpan PollMax { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets or sets the polling interval while no client waits for a message; up to 2 s, 1 s by default.</summary>
    public TimeSpan PollIdle { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets the duration of an instance's lease; 3 s to 30 s, 7 s by default. The instance renews it after a third of this time.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>
    /// Gets or sets how long the sender of a message waits until the receiver has handled it; 1 s to 30 s, 4 s by default.
    /// </summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Returns the pause after a poll that found nothing: half as long again as the last pause, up to PollMax.</summary>
    internal TimeSpan NextPause(TimeSpan pause)
    {
        var longer = pause * 1.5;
        return longer < PollMax ? longer : PollMax;
    }
}
