using System.Text.Json.Serialization;

namespace RemoteMcp.Tools.Advice;

/// <summary>The needs of a tool that affect where its server should run. <see cref="NeedTable"/> has the rule for each need.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeploymentNeed>))]
internal enum DeploymentNeed
{
    /// <summary>Access to files on the user's machine.</summary>
    [JsonStringEnumMemberName("local-files")]
    LocalFiles,

    /// <summary>Access to programs, databases or devices that only the user's machine can reach.</summary>
    [JsonStringEnumMemberName("local-services")]
    LocalServices,

    /// <summary>Operation without a network.</summary>
    [JsonStringEnumMemberName("offline")]
    Offline,

    /// <summary>Data that must not leave the machine.</summary>
    [JsonStringEnumMemberName("stays-on-machine")]
    StaysOnMachine,

    /// <summary>Access to the user's own browser.</summary>
    [JsonStringEnumMemberName("browser")]
    Browser,

    /// <summary>Many small calls in sequence.</summary>
    [JsonStringEnumMemberName("low-latency")]
    LowLatency,

    /// <summary>Access to the API of a cloud service.</summary>
    [JsonStringEnumMemberName("cloud-api")]
    CloudApi,

    /// <summary>Credentials that users should not have.</summary>
    [JsonStringEnumMemberName("secrets")]
    Secrets,

    /// <summary>A record of each call and its caller.</summary>
    [JsonStringEnumMemberName("audit")]
    Audit,

    /// <summary>Code that nobody has reviewed, which must run isolated from users' machines.</summary>
    [JsonStringEnumMemberName("sandbox")]
    Sandbox,

    /// <summary>Use by more than one person.</summary>
    [JsonStringEnumMemberName("several-users")]
    SeveralUsers,

    /// <summary>Data that must not leave a region.</summary>
    [JsonStringEnumMemberName("stays-in-region")]
    StaysInRegion,
}

/// <summary>The recommended deployment of a server.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Deployment>))]
internal enum Deployment
{
    /// <summary>On each user's machine, over stdio.</summary>
    [JsonStringEnumMemberName("local")]
    Local,

    /// <summary>In one place, at a URL.</summary>
    [JsonStringEnumMemberName("remote")]
    Remote,

    /// <summary>Two servers: a local one for the needs that require the machine, and a remote one for the rest.</summary>
    [JsonStringEnumMemberName("hybrid")]
    Hybrid,
}
