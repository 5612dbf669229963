using RemoteMcp.Configuration;

namespace RemoteMcp.Fleet;

/// <summary>How instances find and reach each other through the state store. Section <c>RemoteMcp:Fleet</c>.</summary>
/// <remarks>The defaults keep the promise that a call whose instance died ends with an error within 10 s.</remarks>
public sealed class FleetOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Fleet";

    /// <summary>The shortest time between two looks into the inbox, right after a message; 5 ms to 1 s, 25 ms by default.</summary>
    public TimeSpan PollMin { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The longest time between two looks while something is awaited; up to 2 s, 250 ms by default.</summary>
    public TimeSpan PollMax { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The time between two looks while sessions are only kept in memory; up to 2 s, 1 s by default.</summary>
    public TimeSpan PollIdle { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an instance counts as alive after it last said so; 3 s to 30 s, 7 s by default. It says so three times as often.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>How long the sender of a message waits until it is taken; 1 s to 30 s, 4 s by default.</summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(4);
}
