using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Storage;
using RemoteMcp.Tools;
using RemoteMcp.Tools.Analytics;
using RemoteMcp.Tools.Analytics.Import;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Provides the server's storage without the server, for commands that change the team's metrics.</summary>
internal static class AnalyticsHost
{
    /// <summary>Runs a command with the storage from the settings.</summary>
    /// <param name="configure">The delegate that adds the settings of the command line to the settings of the environment.</param>
    /// <param name="needsStorage">
    /// A value that indicates whether the command fails if the storage is in memory, where other processes cannot access its rows.
    /// </param>
    /// <param name="run">The command. It receives the services and returns the exit code.</param>
    /// <param name="error">The writer for errors that the user must fix.</param>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunAsync(
        Action<IConfigurationBuilder> configure, bool needsStorage, Func<IServiceProvider, Task<int>> run, TextWriter error)
    {
        try
        {
            var builder = new ConfigurationBuilder().AddEnvironmentVariables();
            configure(builder);
            IConfiguration configuration = builder.Build();
            var registrations = new ServiceCollection().AddLogging().AddStorage(configuration).AddAnalytics(configuration)
                .AddKnownSections().AddKnownToolSections();
            registrations.ValidateSettings(configuration);
            await using var services = registrations.BuildServiceProvider();
            var state = services.GetRequiredService<IOptions<StorageOptions>>().Value;
            // Reading the value validates the settings before the command starts.
            _ = services.GetRequiredService<IOptions<AnalyticsOptions>>().Value;
            if (needsStorage && !state.UsesTable)
            {
                await error.WriteLineAsync(
                    $"error: {StorageOptions.Section} is in memory. No server can read it, and its data is lost when this process ends. "
                    + "Specify the server's storage: "
                    + $"--set {StorageOptions.Section}:{nameof(StorageOptions.TableEndpoint)}=https://ACCOUNT.table.core.windows.net, "
                    + "or for Azurite --set "
                    + $"{StorageOptions.Section}:{nameof(StorageOptions.ConnectionString)}=UseDevelopmentStorage=true.");
                return 1;
            }

            return await run(services);
        }
        catch (StateUnavailableException exception)
        {
            await error.WriteLineAsync(
                $"error: {exception.Message} No partial result counts. Run the same command again when the storage responds.");
            return 1;
        }
        catch (Exception exception) when (exception is ImportException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"error: {exception.Message}");
            return 1;
        }
        catch (Exception exception) when (StartupErrors.TryReport(exception, error))
        {
            return 1;
        }
    }
}
