using System.Text.Json.Serialization;

namespace RemoteMcp.Tools.Advice;

/// <summary>What a tool needs, as far as it bears on where its server should run. What each one decides is in <see cref="NeedTable"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeploymentNeed>))]
internal enum DeploymentNeed
{
    /// <summary>Files of the user's machine.</summary>
    [JsonStringEnumMemberName("local-files")]
    LocalFiles,

    /// <summary>Programs, databases or devices that only the user's machine reaches.</summary>
    [JsonStringEnumMemberName("local-services")]
    LocalServices,

    /// <summary>Work without a network.</summary>
    [JsonStringEnumMemberName("offline")]
    Offline,

    /// <summary>Data that may not leave the machine.</summary>
    [JsonStringEnumMemberName("stays-on-machine")]
    StaysOnMachine,

    /// <summary>The user's own browser.</summary>
    [JsonStringEnumMemberName("browser")]
    Browser,

    /// <summary>Many small calls in a row.</summary>
    [JsonStringEnumMemberName("low-latency")]
    LowLatency,

    /// <summary>A cloud service's API.</summary>
    [JsonStringEnumMemberName("cloud-api")]
    CloudApi,

    /// <summary>Credentials that users should not hold.</summary>
    [JsonStringEnumMemberName("secrets")]
    Secrets,

    /// <summary>A record of who called what.</summary>
    [JsonStringEnumMemberName("audit")]
    Audit,

    /// <summary>Code that nobody has read, run apart from people's machines.</summary>
    [JsonStringEnumMemberName("sandbox")]
    Sandbox,

    /// <summary>More than one person.</summary>
    [JsonStringEnumMemberName("several-users")]
    SeveralUsers,

    /// <summary>Data that may not leave a region.</summary>
    [JsonStringEnumMemberName("stays-in-region")]
    StaysInRegion,
}

/// <summary>Where the server should run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Deployment>))]
internal enum Deployment
{
    /// <summary>On each user's machine, over stdio.</summary>
    [JsonStringEnumMemberName("local")]
    Local,

    /// <summary>In one place, by URL.</summary>
    [JsonStringEnumMemberName("remote")]
    Remote,

    /// <summary>Two servers: what is bound to the machine stays there, the rest is remote.</summary>
    [JsonStringEnumMemberName("hybrid")]
    Hybrid,
}
