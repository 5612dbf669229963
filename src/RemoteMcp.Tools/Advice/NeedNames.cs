using System.Text.Json;

namespace RemoteMcp.Tools.Advice;

/// <summary>The names of needs and places as people and models write them: those of the JSON.</summary>
internal static class NeedNames
{
    /// <summary>Every need by its name, in their order.</summary>
    public static IReadOnlyDictionary<string, DeploymentNeed> All { get; } =
        Enum.GetValues<DeploymentNeed>().ToDictionary(Of, static need => need, StringComparer.OrdinalIgnoreCase);

    /// <summary>A need's name.</summary>
    public static string Of(DeploymentNeed need) => JsonSerializer.SerializeToElement(need).GetString()!;

    /// <summary>A place's name.</summary>
    public static string Of(Deployment place) => JsonSerializer.SerializeToElement(place).GetString()!;
}
