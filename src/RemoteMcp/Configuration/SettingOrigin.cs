using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace RemoteMcp.Configuration;

/// <summary>Describes where a setting was set, in the form that a person used.</summary>
internal static class SettingOrigin
{
    /// <summary>Returns the source of the effective value, or <see langword="null"/> for a source that people cannot identify.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="path">The path of the setting.</param>
    public static string? Describe(IConfiguration configuration, string path) =>
        (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(path, out _)) switch
        {
            EnvironmentVariablesConfigurationProvider =>
                $"the environment variable {VariableName(path.Replace(":", "__", StringComparison.Ordinal))}",
            JsonConfigurationProvider json => json.Source.Path,
            CommandLineConfigurationProvider => $"--{path}",
            MemoryConfigurationProvider => $"--set {path}",
            _ => null,
        };

    // The names of environment variables are case-sensitive on Linux. The names of settings are not.
    private static string VariableName(string name) => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .FirstOrDefault(variable => variable.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
