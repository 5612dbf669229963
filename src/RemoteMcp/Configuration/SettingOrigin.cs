using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace RemoteMcp.Configuration;

/// <summary>Describes where a person set a setting: an environment variable, a file, or an option of the command line.</summary>
internal static class SettingOrigin
{
    /// <summary>
    /// Returns the source of the effective value, or <see langword="null"/> if there is no value or a person cannot set values in its
    /// source.
    /// </summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="path">The path of the setting.</param>
    public static string? Describe(IConfiguration configuration, string path) =>
        (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(path, out _)) switch
        {
            EnvironmentVariablesConfigurationProvider =>
                $"the environment variable {VariableName(path.Replace(":", "__", StringComparison.Ordinal))}",
            JsonConfigurationProvider json => json.Source.Path,
            CommandLineConfigurationProvider => $"--{path}",
            // The command line adds the values of its --set options as an in-memory source.
            MemoryConfigurationProvider => $"--set {path}",
            _ => null,
        };

    // Returns the name of the variable in the spelling of the person who set it. Names of environment variables are case-sensitive on
    // Linux. Names of settings are not.
    private static string VariableName(string name) => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .FirstOrDefault(variable => variable.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
