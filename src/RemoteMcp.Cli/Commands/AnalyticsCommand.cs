using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Cli.Hosting;
using RemoteMcp.Tools.Analytics.Import;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Cli.Commands;

/// <summary>Creates the command <c>remote-mcp analytics</c>, which manages the metrics that <c>query_analytics</c> reads.</summary>
internal static class AnalyticsCommand
{
    public static Command Create() => new("analytics", "Manages the team's metrics, which list_metrics and query_analytics return.")
    {
        Import(),
        List(),
        Remove(),
    };

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "A CSV file in UTF-8 with a header: timestamp,metric,value and any dimensions.",
            HelpName = "data.csv",
        }
            .AcceptExistingOnly();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only check the file and report its errors. Needs no storage." };
        var strict = new Option<bool>("--strict")
        {
            Description = "Import nothing if a line is invalid. Otherwise, the command skips invalid lines, and the exit code is 2.",
        };
        var common = new CommonOptions();
        var command = new Command(
            "import", "Imports events from a CSV file. The same file never counts twice. If an import is interrupted, run it again.")
        {
            file, dryRun, strict, common.Settings,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
            var request = new ImportRequest(
                arguments.GetRequiredValue(file).FullName, arguments.GetValue(dryRun), arguments.GetValue(strict));
            return AnalyticsHost.RunAsync(
                configuration => common.Configure(configuration, arguments),
                needsStorage: !request.DryRun,
                async services =>
                {
                    ImportReport report;
                    using (var progress = new ImportProgressLine(
                        error, services.GetRequiredService<TimeProvider>(), inPlace: !Console.IsErrorRedirected))
                    {
                        report = await services.GetRequiredService<CsvImport>().RunAsync(request, progress, cancellationToken);
                    }

                    return ImportOutput.Write(report, output, error);
                },
                error);
        });
        return command;
    }

    private static Command List()
    {
        var common = new CommonOptions();
        var command = new Command("list", "Lists the files that were imported.") { common.Settings };
        command.SetAction((arguments, cancellationToken) => AnalyticsHost.RunAsync(
            configuration => common.Configure(configuration, arguments),
            needsStorage: true,
            async services =>
            {
                await foreach (var import in services.GetRequiredService<ImportLog>().ReadAsync(cancellationToken)
                    .Where(import => !import.Record.IsRemoved))
                {
                    arguments.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{import.Id[..ImportOutput.ShortId]}  {import.Record.ImportedAt:yyyy-MM-dd HH:mm}Z  "
                            + $"{ImportOutput.Summary(import.Record)}"));
                }

                return 0;
            },
            arguments.InvocationConfiguration.Error));
        return command;
    }

    private static Command Remove()
    {
        var id = new Argument<string>("id") { Description = "The id of the import. 'analytics list' shows it." };
        var common = new CommonOptions();
        var command = new Command("remove", "Removes an import. Its events no longer count, and you can import its file again.")
        {
            id, common.Settings,
        };
        command.SetAction((arguments, cancellationToken) => AnalyticsHost.RunAsync(
            configuration => common.Configure(configuration, arguments),
            needsStorage: true,
            async services =>
            {
                var removed = await services.GetRequiredService<ImportRemoval>()
                    .RunAsync(arguments.GetRequiredValue(id), cancellationToken);
                arguments.InvocationConfiguration.Output.WriteLine($"Removed {ImportOutput.Summary(removed)}.");
                return 0;
            },
            arguments.InvocationConfiguration.Error));
        return command;
    }
}
