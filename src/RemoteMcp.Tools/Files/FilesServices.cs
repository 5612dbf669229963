using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Configuration;
using RemoteMcp.ManagedIdentity;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Blobs;
using RemoteMcp.Tools.Files.Store.Local;

namespace RemoteMcp.Tools.Files;

/// <summary>Registers the file tools.</summary>
internal static class FilesServices
{
    /// <summary>Adds the file tools, the resources for files, and the file store.</summary>
    public static IMcpServerBuilder WithFiles(this IMcpServerBuilder builder, IConfiguration configuration)
    {
        var services = builder.Services;
        services.AddStrictOptions<FilesOptions>(configuration, FilesOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FilesOptions>, FilesOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => LocalFolder.For(
            provider.GetRequiredService<IOptions<FilesOptions>>().Value.Root ?? ".", provider.GetRequiredService<ILogger<LocalFolder>>()));
        if (string.IsNullOrWhiteSpace(configuration[$"{FilesOptions.Section}:{nameof(FilesOptions.Container)}"]))
        {
            services.TryAddSingleton<IFileStore, LocalFileStore>();
        }
        else
        {
            services.TryAddSingleton(static provider => BlobContainers.Open(
                provider.GetRequiredService<IOptions<FilesOptions>>().Value, provider.GetRequiredService<AppCredential>()));
            services.TryAddSingleton<IFileStore>(static provider => provider.GetRequiredService<BlobFileStore>());
            services.TryAddSingleton<BlobHealthCheck>();
            services.AddHealthChecks().AddCheck<BlobHealthCheck>("files");
        }

        services.TryAddSingleton<FileSearch>();
        services.TryAddSingleton<FileResourceList>();
        if (bool.TryParse(configuration[$"{FilesOptions.Section}:{nameof(FilesOptions.AllowChanges)}"], out var allowsChanges)
            && allowsChanges)
        {
            services.TryAddSingleton(static provider => new LocalFileChanges(
                provider.GetRequiredService<LocalFolder>(),
                new ProtectedNames(provider.GetRequiredService<IOptions<FilesOptions>>().Value.AllowedDotNames)));
            builder.WithTools<WriteFileTool>(ToolResult.Json).WithTools<DeletePathTool>(ToolResult.Json);
        }

        services.AddSingleton<McpServerResource, FileResource>();
        return builder
            .WithTools<ListDirectoryTool>(ToolResult.Json)
            .WithTools<ReadFileTool>(ToolResult.Json)
            .WithTools<SearchFilesTool>(ToolResult.Json)
            .WithListResourcesHandler(static (request, cancellationToken) =>
                request.Services!.GetRequiredService<FileResourceList>().ListAsync(request.Params?.Cursor, cancellationToken));
    }
}
