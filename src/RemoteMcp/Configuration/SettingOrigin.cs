using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace RemoteMcp.Configuration;

/// <summary>Tells where a setting was set, in the form in which a person wrote it.</summary>
internal static class SettingOrigin
{
    /// <summary>Returns where the value that counts comes from, or null for a source that has no name for people.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="path">The path of the setting.</param>
    public static string? Describe(IConfiguration configuration, string path) =>
        (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(path, out _)) switch
        {
            EnvironmentVariablesConfigurationProvider => $"the environment variable {VariableName(path.Replace(":", "__", StringComparison.Ordinal))}",
            JsonConfigurationProvider json => json.Source.Path,
            CommandLineConfigurationProvider => $"--{path}",
            MemoryConfigurationProvider => $"--set {path}",
            _ => null,
        };

    // Names differ in case on Linux, and settings do not.
    private static string VariableName(string name) => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .FirstOrDefault(variable => variable.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
