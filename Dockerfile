# Runs `remote-mcp serve` outside Azure Functions. The image has no shell, does not run as root, and writes no files.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/RemoteMcp.Cli --configuration Release --output /app -p:UseAppHost=false

# The `extra` image contains the time zones that RemoteMcp:Analytics:TimeZone can name.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
# The diagnostics of the runtime require a writable file system.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /files
COPY --from=build /app /app
USER $APP_UID
EXPOSE 8080
# The server is reachable from other machines, so it requires sign-in and its public URL: RemoteMcp__Auth__… and RemoteMcp__PublicUrl.
ENTRYPOINT ["dotnet", "/app/remote-mcp.dll"]
CMD ["serve", "--urls", "http://0.0.0.0:8080", "--root", "/files"]
