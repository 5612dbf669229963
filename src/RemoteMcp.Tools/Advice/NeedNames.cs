using System.Text.Json;

namespace RemoteMcp.Tools.Advice;

/// <summary>The names of needs and deployments that users and models write. They are the same as in JSON.</summary>
internal static class NeedNames
{
    /// <summary>Gets all needs by name, in order.</summary>
    public static IReadOnlyDictionary<string, DeploymentNeed> All { get; } =
        Enum.GetValues<DeploymentNeed>().ToDictionary(Of, static need => need, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the name of a need.</summary>
    public static string Of(DeploymentNeed need) => JsonSerializer.SerializeToElement(need).GetString()!;

    /// <summary>Returns the name of a deployment.</summary>
    public static string Of(Deployment place) => JsonSerializer.SerializeToElement(place).GetString()!;
}
